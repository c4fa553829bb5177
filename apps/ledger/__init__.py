"""The append-only public record of what was pledged, sent and received, by whom and for whom."""
