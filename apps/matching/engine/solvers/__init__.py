"""Outside solvers, one module for each, one function in each."""
