"""What is served over HTTP: for now, whether lendwatch is well."""
