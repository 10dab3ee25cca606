# Homebrew formula for ncred
class Ncred < Formula
  desc "Browse AWS IAM credential reports in the terminal"
  homepage "https://example.org/ncred"
  url "https://example.org/ncred/releases/ncred-1.0.0.tar.gz"
  # filled in for each release by packaging/recipes
  sha256 "@SHA256@"
  license "MIT"

  depends_on "pkgconf" => :build
  depends_on "jansson"
  depends_on "libcsv"
  depends_on "libyaml"
  depends_on "ncurses"
  depends_on "pcre2"
  depends_on "utf8proc"

  uses_from_macos "curl", since: :ventura
  uses_from_macos "expat"
  uses_from_macos "zlib"

  on_linux do
    depends_on "libseccomp" => :build
  end

  def install
    system "./configure", "--disable-tests", *std_configure_args
    system "make", "install"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ncred --version")
    output = shell_output("#{bin}/ncred --config= --demo -n 1 -c user -o csv 2>/dev/null")
    assert_equal "user\n<root_account>\n", output
  end
end
