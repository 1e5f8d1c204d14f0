"""Requests made from the OpenAPI document, right ones and wrong ones, held to what the document says."""
