"""AWS services by botocore's models: requests are parsed and checked, and answers shaped, by what AWS publishes."""
