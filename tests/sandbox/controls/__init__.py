"""The sandbox's own calls under `/_sandbox`."""
