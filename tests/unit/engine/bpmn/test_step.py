"""What a process instance does, element by element (BPMN 2.0.2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.bpmn.parser import fingerprint
from engine.bpmn.step import BpmnErrorNotCaughtError, TokenGoneError
from engine.domain.effects import TimerOpened, UserTaskOpened
from engine.domain.stimuli import Started, UserTaskCompleted
from tests.bpmn_builder import (
    END,
    START,
    boundary,
    call,
    catches_error,
    catches_message,
    error,
    file,
    message,
    multi_instance,
    node,
    parameters,
    process,
    service,
    subprocess,
    timer,
    user,
)
from tests.stepper import NOW, Stepper


def one_task(*more: str, **kwargs: str) -> bytes:
    return file(process("p", START, END, user("a", **kwargs), "start>a", "a>end", *more))


def test_an_instance_is_completed_when_its_only_user_task_is():
    run = Stepper(one_task())
    assert run.waiting() == ["a"]
    run.complete("a", answer=42)
    assert (run.state, run.snapshot, run.values) == ("completed", None, {"answer": 42})
    assert run.passed == ["start", "a", "end"]


def test_the_second_completion_of_a_token_is_refused():
    run = Stepper(file(process("p", START, END, user("a"), user("b"), "start>a", "a>b", "b>end")))
    token = run._one(UserTaskOpened, "a").place.token_id
    run.complete("a")
    with pytest.raises(TokenGoneError):
        run.take(UserTaskCompleted(token, {}))


def test_a_task_without_type_does_not_wait():
    run = Stepper(file(process("p", START, END, node("task", "t"), "start>t", "t>end")))
    assert run.state == "completed"


def test_a_branch_without_end_event_still_ends_the_instance():
    run = Stepper(file(process("p", START, user("a"), "start>a")))
    run.complete("a")
    assert run.state == "completed"


def test_several_flows_out_of_an_activity_all_get_a_token():
    run = Stepper(file(process("p", START, user("a"), user("b"), user("c"), "start>a", "a>b", "a>c")))
    run.complete("a")
    assert run.waiting() == ["b", "c"]


@pytest.mark.parametrize(("amount", "expected"), [(5, ["b"]), (50, ["b", "c"])])
def test_a_conditional_flow_out_of_an_activity_is_followed_only_when_it_holds(amount, expected):
    run = Stepper(file(process("p", START, user("a"), user("b"), user("c"), "start>a", "a>b", "a>c:amount > 10")))
    run.complete("a", amount=amount)
    assert run.waiting() == expected


@pytest.mark.parametrize(("amount", "expected"), [(5, ["small"]), (50, ["large"])])
def test_an_exclusive_gateway_follows_the_first_condition_that_holds(amount, expected):
    gateway = node("exclusiveGateway", "x", default="p_3_x_small")
    model = file(
        process(
            "p",
            START,
            user("a"),
            gateway,
            user("large"),
            user("small"),
            "start>a",
            "a>x",
            "x>large:amount > 10",
            "x>small",
        )
    )
    run = Stepper(model)
    run.complete("a", amount=amount)
    assert run.waiting() == expected


def test_a_gateway_without_a_way_on_is_an_incident_and_goes_on_once_the_variable_is_mended():
    gateway = node("exclusiveGateway", "x")
    model = file(
        process(
            "p",
            START,
            user("a"),
            node("parallelGateway", "g"),
            user("fix"),
            gateway,
            user("yes"),
            user("no"),
            "start>g",
            "g>a",
            "g>fix",
            "a>x",
            "x>yes:ok == 1",
            "x>no:ok == 2",
        )
    )
    run = Stepper(model)
    run.complete("a", ok=3)
    assert [incident.kind for incident in run.incidents] == ["no-way-on"]
    assert run.incidents[0].place.element_id == "x"
    run.complete("fix", ok=2)
    run.retry()
    assert run.waiting() == ["no"]


def test_a_failing_expression_names_element_and_expression_and_keeps_what_was_entered():
    gateway = node("exclusiveGateway", "x", default="p_3_x_end")
    run = Stepper(
        file(process("p", START, END, user("a"), user("b"), gateway, "start>a", "a>x", "x>b:amount['x'] > 1", "x>end"))
    )
    run.complete("a", amount=1)
    assert run.state == "active"
    assert run.values == {"amount": 1}
    assert "amount['x'] > 1" in run.incidents[0].en
    assert "x" in run.incidents[0].en


PARALLEL = file(
    process(
        "p",
        START,
        END,
        node("parallelGateway", "g"),
        node("parallelGateway", "j"),
        user("a"),
        user("b"),
        user("z"),
        "start>g",
        "g>a",
        "g>b",
        "a>j",
        "b>j",
        "j>z",
        "z>end",
    )
)


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_parallel_join_waits_for_every_branch(order):
    run = Stepper(PARALLEL)
    run.complete(order[0])
    assert run.waiting() == [order[1]]
    run.complete(order[1])
    assert run.waiting() == ["z"]


def test_a_variable_set_in_one_branch_is_seen_in_the_other_at_once():
    run = Stepper(PARALLEL)
    run.complete("a", seen="from a")
    assert run.snapshot["scopes"]["0"][3]["seen"] == "from a"
    run.complete("b", seen="from b")
    assert run.own["seen"] == "from b"


def test_a_parallel_join_in_a_loop_fires_once_a_round():
    loop = file(
        process(
            "p",
            START,
            END,
            node("exclusiveGateway", "x0"),
            node("parallelGateway", "g"),
            node("parallelGateway", "j"),
            user("a"),
            user("b"),
            node("exclusiveGateway", "x", default="p_7_x_end"),
            user("z"),
            "start>x0",
            "x0>g",
            "g>a",
            "g>b",
            "a>j",
            "b>j",
            "j>z",
            "x>end",
            "z>x",
            "x>x0:n < 20",
        )
    )
    run = Stepper(loop)
    for n in range(1, 21):
        run.complete("b" if n % 2 else "a")
        run.complete("a" if n % 2 else "b")
        assert run.waiting() == ["z"], n
        run.complete("z", n=n)
    assert run.state == "completed"
    assert run.passed.count("j") == 20


def test_an_automatic_parallel_loop_of_three_hundred_rounds_neither_recurses_nor_fires_early():
    loop = file(
        process(
            "p",
            START,
            END,
            node("exclusiveGateway", "x0"),
            node("parallelGateway", "g"),
            node("parallelGateway", "j"),
            node("task", "a"),
            node("task", "b"),
            node("scriptTask", "s", "<bpmn:script>n = n + 1</bpmn:script>"),
            node("exclusiveGateway", "x", default="p_7_x_end"),
            "start>x0",
            "x0>g",
            "g>a",
            "g>b",
            "a>j",
            "b>j",
            "j>s",
            "x>end",
            "s>x",
            "x>x0:n < 300",
        )
    )
    run = Stepper(loop, variables={"n": 0})
    assert run.state == "completed"
    assert run.own["n"] == 300
    assert run.passed.count("j") == 300


def test_a_process_that_runs_in_circles_is_stopped_with_an_incident():
    loop = file(
        process(
            "p",
            START,
            END,
            node("exclusiveGateway", "x", default="p_1_x_t"),
            node("task", "t"),
            "start>x",
            "x>t",
            "x>end:stop == True",
            "t>x",
        )
    )
    run = Stepper(loop, variables={"stop": False})
    assert run.state == "active"
    assert run.incidents[-1].kind == "runs-in-circles"


def test_an_inclusive_join_waits_for_exactly_the_branches_that_were_taken():
    gateway = node("inclusiveGateway", "g", default="p_3_g_c")
    model = file(
        process(
            "p",
            START,
            END,
            gateway,
            node("inclusiveGateway", "j"),
            user("a"),
            user("b"),
            user("c"),
            user("z"),
            "start>g",
            "g>a:x > 0",
            "g>b:x > 1",
            "g>c",
            "a>j",
            "b>j",
            "c>j",
            "j>z",
            "z>end",
        )
    )
    run = Stepper(model, variables={"x": 2})
    assert run.waiting() == ["a", "b"]
    run.complete("a")
    assert run.waiting() == ["b"]
    run.complete("b")
    assert run.waiting() == ["z"]


def test_a_date_timer_is_due_when_its_day_has_run_out_in_shanghai():
    event = node("intermediateCatchEvent", "t", timer("Date", "2026-03-05"))
    run = Stepper(file(process("p", START, END, event, "start>t", "t>end")))
    assert run._one(TimerOpened, "t").due_at == datetime(2026, 3, 5, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("Duration", "P15D", NOW + timedelta(days=15)),
        ("Duration", "PT90M", NOW + timedelta(minutes=90)),
        ("Duration", "P1M", datetime(2026, 4, 2, 1, 0, tzinfo=UTC)),
        ("Date", "2026-03-05T09:30:00+08:00", datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        ("Date", "${accepted_on}", datetime(2026, 2, 3, 16, 0, tzinfo=UTC)),
    ],
)
def test_timers_understand_iso_times_and_expressions(kind, text, expected):
    event = node("intermediateCatchEvent", "t", timer(kind, text))
    run = Stepper(file(process("p", START, END, event, "start>t", "t>end")), inputs={"accepted_on": date(2026, 2, 3)})
    opened = run._one(TimerOpened, "t")
    assert opened.due_at == expected
    assert opened.inputs_read == (("accepted_on",) if "accepted_on" in text else ())


def test_a_timer_whose_date_is_not_known_is_an_incident_and_can_be_retried():
    event = node("intermediateCatchEvent", "t", timer("Date", "${accepted_on}"))
    run = Stepper(file(process("p", START, END, event, "start>t", "t>end")), inputs={"accepted_on": None})
    assert [incident.place.element_id for incident in run.incidents] == ["t"]
    run.inputs["accepted_on"] = date(2026, 3, 9)
    run.retry()
    assert run.waiting() == ["t"]
    run.fire("t")
    assert run.state == "completed"


def test_an_interrupting_timer_takes_the_token_away_from_its_activity():
    run = Stepper(
        file(
            process(
                "p",
                START,
                END,
                user("a"),
                boundary("t", "a", timer("Duration", "P3D")),
                user("late"),
                "start>a",
                "a>end",
                "t>late",
            )
        )
    )
    run.fire("t")
    assert run.waiting() == ["late"]


def test_a_timer_beside_a_finished_activity_is_gone():
    run = Stepper(
        file(
            process(
                "p",
                START,
                user("a"),
                boundary("t", "a", timer("Duration", "P3D")),
                user("late"),
                user("b"),
                "start>a",
                "a>b",
                "t>late",
            )
        )
    )
    run.complete("a")
    assert run.waiting() == ["b"]


def test_a_cycle_reminds_as_often_as_it_says():
    model = file(
        process(
            "p",
            START,
            END,
            user("a"),
            boundary("t", "a", timer("Cycle", "R3/P1D"), False),
            node("task", "remind"),
            "start>a",
            "a>end",
            "t>remind",
        )
    )
    run = Stepper(model)
    for _ in range(3):
        run.fire("t")
    assert run.passed.count("remind") == 3
    assert run.waiting() == ["a"]
    run.complete("a")
    assert run.state == "completed"


def test_what_a_reminder_started_outlives_the_activity():
    model = file(
        process(
            "p",
            START,
            END,
            user("a"),
            boundary("t", "a", timer("Cycle", "R2/P1D"), False),
            user("follow"),
            "start>a",
            "a>end",
            "t>follow",
        )
    )
    run = Stepper(model)
    run.fire("t")
    run.complete("a")
    assert run.waiting() == ["follow"]
    assert run.state == "active"
    run.complete("follow")
    assert run.state == "completed"


SUB = file(
    process(
        "p",
        START,
        END,
        subprocess("s", '<bpmn:startEvent id="s1"/>', user("u"), user("v"), "s1>u", "u>v"),
        boundary("t", "s", timer("Duration", "P1D")),
        user("late"),
        "start>s",
        "s>end",
        "t>late",
    ),
)


def test_a_sub_process_runs_to_its_end():
    run = Stepper(SUB)
    run.complete("u")
    run.complete("v")
    assert run.state == "completed"


def test_an_interrupted_sub_process_leaves_nothing_waiting_inside():
    run = Stepper(SUB)
    run.complete("u")
    run.fire("t")
    assert run.waiting() == ["late"]
    run.complete("late")
    assert run.state == "completed"


CALLED = process("q", '<bpmn:startEvent id="qs"/>', user("q1"), "qs>q1")


def test_a_called_process_sees_only_what_was_passed_in_and_gives_only_what_was_passed_out():
    model = file(
        process(
            "p",
            START,
            END,
            call("c", "q", {"inside": "outside + 1"}, {"result": "found"}),
            user("z"),
            "start>c",
            "c>z",
            "z>end",
        ),
        CALLED,
    )
    run = Stepper(model, variables={"outside": 1, "secret": 7})
    inner = [scope for number, scope in run.snapshot["scopes"].items() if number != "0"]
    assert inner == [["process", None, "q", {"inside": 2}]]
    run.complete("q1", found="x", other="y")
    assert run.own == {"outside": 1, "secret": 7, "result": "x"}
    assert list(run.snapshot["scopes"]) == ["0"]


def test_a_message_withdraws_a_case_out_of_a_called_process():
    withdraw = boundary("w", "c", catches_message("m"))
    model = file(
        message("m", "withdrawn"),
        process("p", START, END, call("c", "q"), withdraw, user("note"), "start>c", "c>end", "w>note"),
        CALLED,
    )
    run = Stepper(model)
    assert run.waiting() == ["q1", "w"]
    run.message("w", by="applicant")
    assert run.waiting() == ["note"]
    assert run.values == {"by": "applicant"}
    assert run.snapshot["subs"] == []


def test_a_failing_out_mapping_keeps_the_called_process_s_values_for_the_retry():
    model = file(process("p", START, END, call("c", "q", {}, {"total": "found + factor"}), "start>c", "c>end"), CALLED)
    run = Stepper(model, inputs={"factor": None})
    run.complete("q1", found=2)
    assert run.incidents[-1].place.element_id == "c"
    run.inputs["factor"] = 3
    run.retry()
    assert (run.state, run.own) == ("completed", {"total": 5})


def test_a_job_gets_its_input_parameters_and_nothing_else():
    extension = parameters({"kind": "notice", "amount": "${total + 1}"})
    run = Stepper(
        file(process("p", START, END, service("j", "render", extension), "start>j", "j>end")),
        variables={"total": 1, "other": 2},
    )
    opened = next(iter(run.open.values()))
    assert (opened.job_type, dict(opened.input), opened.retry_delays) == (
        "render",
        {"kind": "notice", "amount": 2},
        (10, 60, 300),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${a},${b}", "x,y"),
        ("first,${a}", "first,x"),
        ('${a},${"c" if b == "y" else ""},last', "x,c,last"),
        (" ${a} ", "x"),
        ("plain", "plain"),
    ],
)
def test_an_input_parameter_of_several_expressions_is_put_together(text: str, value: str):
    model = file(process("p", START, END, service("j", "render", parameters({"ground": text})), "start>j", "j>end"))
    run = Stepper(model, variables={"a": "x", "b": "y"})
    assert dict(next(iter(run.open.values())).input) == {"ground": value}


def test_output_parameters_are_all_that_a_job_leaves_behind():
    extension = parameters({}, {"document": "${document_id}"}, retry="R2/PT30S")
    run = Stepper(
        file(process("p", START, END, service("j", "render", extension), user("z"), "start>j", "j>z", "z>end"))
    )
    assert next(iter(run.open.values())).retry_delays == (30, 30)
    run.job("j", document_id="d1", number="n1")
    assert run.own == {"document": "d1"}


def test_without_output_parameters_every_result_becomes_a_variable():
    run = Stepper(file(process("p", START, END, service("j", "render"), "start>j", "j>end")))
    run.job("j", document_id="d1", number="n1")
    assert run.own == {"document_id": "d1", "number": "n1"}


ERRORS = file(
    error("E1", "rejected"),
    process(
        "p",
        START,
        node("parallelGateway", "g"),
        service("j1", "file"),
        boundary("b1", "j1", catches_error("E1")),
        user("h1"),
        service("j2", "file"),
        boundary("b2", "j2", catches_error("E1")),
        user("h2"),
        user("z1"),
        user("z2"),
        "start>g",
        "g>j1",
        "g>j2",
        "b1>h1",
        "b2>h2",
        "j1>z1",
        "j2>z2",
    ),
)


def test_a_bpmn_error_is_caught_at_its_own_activity_only():
    run = Stepper(ERRORS)
    run.throw("j2", "rejected", why="late")
    assert run.waiting() == ["h2", "j1"]
    assert run.values == {"why": "late"}


def test_a_bpmn_error_that_nothing_catches_is_refused_by_name():
    run = Stepper(ERRORS)
    with pytest.raises(BpmnErrorNotCaughtError, match="unheard-of"):
        run.throw("j1", "unheard-of")
    assert run.waiting() == ["j1", "j2"]


def test_an_error_end_event_in_a_sub_process_is_caught_outside():
    fail = node("endEvent", "oops", catches_error("E1"))
    model = file(
        error("E1", "rejected"),
        process(
            "p",
            START,
            END,
            subprocess(
                "s",
                '<bpmn:startEvent id="s1"/>',
                user("u"),
                user("side"),
                fail,
                node("parallelGateway", "g"),
                "s1>g",
                "g>u",
                "g>side",
                "u>oops",
            ),
            boundary("b", "s", catches_error("E1")),
            user("h"),
            "start>s",
            "s>end",
            "b>h",
        ),
    )
    run = Stepper(model)
    run.complete("u")
    assert run.waiting() == ["h"]
    run.complete("h")
    assert run.state == "completed"


def test_an_error_end_event_reached_in_the_very_step_that_entered_the_sub_process_is_caught():
    fail = node("endEvent", "oops", catches_error("E1"))
    model = file(
        error("E1", "rejected"),
        process(
            "p", START, END, subprocess("s", '<bpmn:startEvent id="s1"/>', fail, "s1>oops"),
            boundary("b", "s", catches_error("E1")), user("h"), "start>s", "s>end", "b>h",
        ),
    )  # fmt: skip
    assert Stepper(model).waiting() == ["h"]


def test_an_error_end_event_that_nothing_catches_is_an_incident():
    run = Stepper(
        file(
            error("E1", "rejected"),
            process("p", START, user("a"), node("endEvent", "oops", catches_error("E1")), "start>a", "a>oops"),
        )
    )
    run.complete("a")
    assert (run.state, run.incidents[-1].kind) == ("active", "bpmn-error-not-caught")


def test_a_terminate_end_event_ends_every_branch():
    stop = node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
    run = Stepper(
        file(
            process(
                "p", START, node("parallelGateway", "g"), user("a"), user("b"), stop, "start>g", "g>a", "g>b", "a>stop"
            )
        )
    )
    run.complete("a")
    assert (run.state, run.open) == ("completed", {})


MI = file(
    process(
        "p",
        START,
        END,
        user("m", multi_instance("workers", "worker", output=("answers", "answer"))),
        user("z"),
        "start>m",
        "m>z",
        "z>end",
    )
)


def test_every_item_of_a_multi_instance_has_its_own_scope_and_the_answers_are_collected_in_order():
    run = Stepper(MI, variables={"workers": ["wang", "li", "zhao"]})
    assert run.waiting() == ["m", "m", "m"]
    run.complete("m", index=2, answer="yes")
    run.complete("m", index=0, answer="no")
    run.complete("m", index=0, answer="later")
    assert run.waiting() == ["z"]
    assert run.own == {"workers": ["wang", "li", "zhao"], "answers": ["no", "later", "yes"]}


def test_a_multi_instance_over_nothing_is_passed_at_once():
    run = Stepper(MI, variables={"workers": []})
    assert run.waiting() == ["z"]
    assert run.own["answers"] == []


def test_a_sequential_multi_instance_offers_one_item_at_a_time():
    model = file(
        process(
            "p",
            START,
            END,
            user("m", multi_instance("workers", "worker", sequential=True), camunda_assignee="${worker}"),
            "start>m",
            "m>end",
        )
    )
    run = Stepper(model, variables={"workers": ["wang", "li"]})
    assert [task.assignee for task in run.open.values()] == ["wang"]
    run.complete("m")
    assert [task.assignee for task in run.open.values()] == ["li"]
    run.complete("m")
    assert run.state == "completed"


def test_a_completion_condition_cancels_the_items_that_are_left():
    model = file(
        process(
            "p",
            START,
            END,
            user("m", multi_instance("workers", condition="nrOfCompletedInstances >= 2")),
            "start>m",
            "m>end",
        )
    )
    run = Stepper(model, variables={"workers": [1, 2, 3, 4]})
    run.complete("m")
    assert len(run.open) == 3
    run.complete("m")
    assert (run.state, run.open) == ("completed", {})


def test_a_multi_instance_call_activity_runs_one_called_process_per_item():
    calls = call("c", "q", {"who": "item"}).replace(
        "</bpmn:callActivity>", multi_instance("workers") + "</bpmn:callActivity>"
    )
    run = Stepper(
        file(process("p", START, END, calls, "start>c", "c>end"), CALLED), variables={"workers": ["wang", "li"]}
    )
    inner = [scope[3] for scope in run.snapshot["scopes"].values() if scope[2] == "q"]
    assert inner == [{"who": "wang"}, {"who": "li"}]
    run.complete("q1")
    assert run.waiting() == ["q1"]
    run.complete("q1")
    assert run.state == "completed"


def test_a_collection_that_is_no_list_is_an_incident():
    run = Stepper(MI, variables={"workers": 7})
    assert run.incidents[-1].place.element_id == "m"


def test_a_conditional_event_sees_what_another_branch_sets_and_fires_once():
    event = boundary(
        "c",
        "a",
        "<bpmn:conditionalEventDefinition><bpmn:condition>amount &gt; 100</bpmn:condition></bpmn:conditionalEventDefinition>",
        False,
    )
    model = file(
        process(
            "p",
            START,
            node("parallelGateway", "g"),
            user("a"),
            event,
            user("alarm"),
            user("b"),
            user("c2"),
            "start>g",
            "g>a",
            "g>b",
            "b>c2",
            "c>alarm",
        )
    )
    run = Stepper(model, variables={"amount": 1})
    run.complete("b", amount=500)
    assert run.waiting() == ["a", "alarm", "c2"]
    run.complete("c2", amount=600)
    assert run.waiting() == ["a", "alarm"]


def test_the_first_event_after_an_event_gateway_ends_the_others():
    model = file(
        message("m", "answer"),
        process(
            "p",
            START,
            node("eventBasedGateway", "g"),
            node("intermediateCatchEvent", "got", catches_message("m")),
            node("intermediateCatchEvent", "silence", timer("Duration", "P5D")),
            user("yes"),
            user("no"),
            "start>g",
            "g>got",
            "g>silence",
            "got>yes",
            "silence>no",
        ),
    )
    run = Stepper(model)
    assert run.waiting() == ["got", "silence"]
    run.message("got", agreed=True)
    assert run.waiting() == ["yes"]
    other = Stepper(model)
    other.fire("silence")
    assert other.waiting() == ["no"]


def test_a_thrown_message_is_told_to_whoever_runs_the_step():
    throw = node("intermediateThrowEvent", "t", catches_message("m"))
    run = Stepper(file(message("m", "told"), process("p", START, END, throw, "start>t", "t>end")))
    assert (run.state, run.thrown) == ("completed", ["told"])


def test_a_canceled_instance_closes_everything_that_waited():
    run = Stepper(SUB)
    run.cancel()
    assert (run.state, run.open) == ("canceled", {})


def test_a_business_rule_task_keeps_its_decision_s_result():
    rule = node("businessRuleTask", "r", camunda_decisionRef="route", camunda_resultVariable="result")
    run = Stepper(file(process("p", START, END, rule, "start>r", "r>end")))
    assert run.own == {"result": {"decided": "route"}}


def test_one_case_leaves_no_trace_in_the_definition_of_the_next():
    run = Stepper(MI, variables={"workers": ["wang", "li"]})
    before = {name: fingerprint(spec) for name, spec in run.bundle.specs.items()}
    while run.state == "active":
        run.complete(run.waiting()[0])
    run.take(Started("p", {"workers": ["zhao"]}))
    assert {name: fingerprint(spec) for name, spec in run.bundle.specs.items()} == before
    assert run.waiting() == ["m"]


def test_a_snapshot_does_not_grow_with_the_steps_behind_it():
    size = 120
    parts = [
        START,
        *[user(f"u{i}") for i in range(size)],
        *[boundary(f"b{i}", f"u{i}", timer("Duration", "P1D"), False) for i in range(size)],
    ]
    ways = ["start>u0", *[f"u{i}>u{i + 1}" for i in range(size - 1)]]
    run = Stepper(file(process("p", *parts, *ways)))
    sizes = []
    for i in range(size - 1):
        run.complete(f"u{i}")
        sizes.append(len(str(run.snapshot)))
    assert max(sizes[60:]) <= max(sizes[:10]) + 40


def test_the_same_step_twice_gives_the_same_result():
    run = Stepper(PARALLEL)
    snapshot = run.snapshot
    run.complete("a")
    first = run.snapshot
    run.snapshot = snapshot
    other = Stepper(PARALLEL)
    other.complete("a")
    assert other.snapshot == first
