"""Work of a running round, written down for those who help."""

import uuid

from django.db import models

from apps.matching.models.rounds import Round
from apps.matching.querysets import SharedPieceQuerySet


class SharedJob(models.Model):
    """One call of the engine over independent pieces, written down so that other workers help.

    The rows of both tables are tools of a running round and are gone when it has ended. What is
    stored is pickled and sealed: `services.sharing` writes and reads it, nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="shared_jobs")
    function = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)


class SharedPiece(models.Model):
    """Pieces of a job for one turn; held by a helper until `lease_until`, done with an `answer`."""

    job = models.ForeignKey(SharedJob, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    answer = models.BinaryField(null=True)
    lease_until = models.DateTimeField(null=True)

    objects = SharedPieceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="matching_sharedpiece_once")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.number}"
