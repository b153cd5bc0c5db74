"""What Amazon API Gateway does between a request and its integration, as far as the local sandbox needs it."""
