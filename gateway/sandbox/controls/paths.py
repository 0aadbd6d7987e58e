"""Where the sandbox's own calls are: under a prefix that is clearly not the vendor's."""

PREFIX = "/_sandbox"
