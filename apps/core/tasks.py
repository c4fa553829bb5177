from celery import shared_task

from apps.core.changes import sum_up


@shared_task
def sum_up_changes() -> None:
    sum_up()
