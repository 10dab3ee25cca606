{
  description = "Browse AWS IAM credential reports in the terminal";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forAll = nixpkgs.lib.genAttrs systems;
      ncred = pkgs: pkgs.stdenv.mkDerivation {
        pname = "ncred";
        version = "1.0.0";
        src = self;

        nativeBuildInputs = [ pkgs.pkg-config ];
        buildInputs = with pkgs; [ curl expat jansson libcsv libyaml ncurses pcre2 utf8proc zlib ]
          ++ lib.optional stdenv.hostPlatform.isLinux libseccomp;

        # libcurl is loaded by its name, which nothing but the run path finds here.
        NIX_LDFLAGS = pkgs.lib.optionalString pkgs.stdenv.hostPlatform.isLinux "-rpath ${pkgs.curl.out}/lib";
        dontPatchELF = true;
        enableParallelBuilding = true;
        # The tests of the screen need a pseudo-terminal, those of fetching a network: they run in the project's own checks.
        configureFlags = [ "--disable-tests" ];
        doInstallCheck = true;
        installCheckPhase = ''
          $out/bin/ncred --config= --demo -n 1 -c user -o csv 2>/dev/null | grep -q root_account
        '';

        meta = with pkgs.lib; {
          description = "Browse AWS IAM credential reports in the terminal";
          homepage = "https://example.org/ncred";
          license = licenses.mit;
          mainProgram = "ncred";
          platforms = platforms.unix;
        };
      };
    in
    {
      packages = forAll (system: { default = ncred nixpkgs.legacyPackages.${system}; });
      devShells = forAll (system: {
        default = nixpkgs.legacyPackages.${system}.mkShell {
          inputsFrom = [ self.packages.${system}.default ];
          packages = with nixpkgs.legacyPackages.${system}; [ cmocka libvterm-neovim python3 ]; # for make check
        };
      });
    };
}
