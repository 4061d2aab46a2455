"""Run the matrix, print it, write it to build/ and docs/matrix.md; exit 1 where a promise breaks."""
