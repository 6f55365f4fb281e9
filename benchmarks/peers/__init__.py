"""What a user would write instead, kept honest: the same tables from the same extracts."""
