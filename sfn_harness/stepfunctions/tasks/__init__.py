"""What Task states do: service integrations, activities and task tokens."""
