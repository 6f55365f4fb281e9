"""What people see: a person's wishes in, a request made, its outcome shown."""
