"""The facts and the demo of spring 2020, put into the tables."""
