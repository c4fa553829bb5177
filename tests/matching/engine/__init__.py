"""The matching engine, tested without Django: against enumeration and independent solvers."""
