"""`make prove-arm64`, `make prove-trixie`: a package for another machine, installed, beside this one."""
