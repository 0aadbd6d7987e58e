"""The vendor's webhooks: verified, parsed, applied once and relayed to the studio's backend."""
