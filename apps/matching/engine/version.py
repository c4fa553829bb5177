"""The version that results carry: it changes whenever the same problem might be answered anew."""

ENGINE_VERSION = "1.2.0"
