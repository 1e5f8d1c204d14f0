"""To-dos."""

from dependency_injector import containers, providers

from application import todos
from entrypoints.container.ports import Ports, use_case


class Todos(containers.DeclarativeContainer):
    todos = providers.Singleton(
        todos.Todos,
        note=use_case(todos.NoteTodo, Ports.units, Ports.clock, Ports.ids),
        read=use_case(todos.ReadTodo, Ports.units),
        revise=use_case(todos.ReviseTodo, Ports.units, Ports.clock),
        complete=use_case(todos.CompleteTodo, Ports.units, Ports.clock),
        reopen=use_case(todos.ReopenTodo, Ports.units, Ports.clock),
        drop=use_case(todos.DropTodo, Ports.units),
        list=use_case(todos.ListTodos, Ports.units),
    )
