"""Native files and the situation: read, check, overlay, write, schema."""
