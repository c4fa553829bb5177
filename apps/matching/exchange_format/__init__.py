"""The engine's problems and solutions as files: JSON, CSV tables, a schema, sentences. No Django."""
