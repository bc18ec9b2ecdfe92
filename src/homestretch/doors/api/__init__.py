"""The public REST door: `/api/v1`, described by its OpenAPI document."""
