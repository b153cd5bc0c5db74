"""The operations of the API, by the names in the service model."""
