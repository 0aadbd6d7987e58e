"""What every HTTP call needs: parameters, bodies, JSON responses, error responses."""
