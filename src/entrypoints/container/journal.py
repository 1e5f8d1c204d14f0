"""The journal, and search."""

from dependency_injector import containers, providers

from application import journal, search
from entrypoints.container.ports import Ports, use_case


class Journal(containers.DeclarativeContainer):
    judge_comment = use_case(journal.JudgeComment, Ports.units)
    find = use_case(search.Find, Ports.units)

    journal = providers.Singleton(
        journal.Journal,
        write=use_case(journal.WritePost, Ports.units, Ports.clock, Ports.ids),
        read=use_case(journal.ReadPost, Ports.units),
        revise=use_case(journal.RevisePost, Ports.units, Ports.clock),
        remove=use_case(journal.RemovePost, Ports.units),
        list=use_case(journal.ListPosts, Ports.units),
        comment=use_case(journal.CommentOnPost, Ports.units, Ports.clock, Ports.ids),
        comments=use_case(journal.ListComments, Ports.units),
        remove_comment=use_case(journal.RemoveComment, Ports.units),
    )
