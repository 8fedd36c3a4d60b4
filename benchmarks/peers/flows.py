"""The walk of `benchmarks.walking` as a flow of django-viewflow: a task for each stage."""

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


class OpenDoor(flow.Flow):
    """Contact, then screened, agreed, not now, returned, and from there anew."""

    process_class = Process

    contact = flow.StartHandle().Next(this.screen)
    screen = flow.Handle().Next(this.agree)
    agree = flow.Handle().Next(this.postpone)
    postpone = flow.Handle().Next(this.come_back)
    come_back = flow.Handle().Next(this.screen)
