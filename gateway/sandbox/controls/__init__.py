"""The sandbox's own calls under `/_sandbox`, which the vendor does not have."""
