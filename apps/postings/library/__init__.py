"""The pages of the public library: knowledge, shared without rationing."""
