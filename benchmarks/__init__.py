"""What is measured, and against what; see README.md beside this file."""
