"""Cities, the sister ties between them, and the liaison officers who speak for them."""
