"""The apps, one noun each, stacked so that every import points down."""
