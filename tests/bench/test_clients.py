"""How benchmarks post: evenly, each post's time from when it was due, and no figure where the pace was not held."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import clients
from bench.calls import Answers
from bench.clients import AnsweredOtherwise, Evenly, NotAtPace, Post
from tests.waiting import wait_for

TAKES = 0.05
POSTS = [Post(path="/", body=b"{}")] * 10


class Slow(BaseHTTPRequestHandler):
    """Takes its time for each post; `/wrong` is answered by a failure."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(TAKES)
        self.send_response(500 if self.path == "/wrong" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


class Server(ThreadingHTTPServer):
    """Lets all clients in at once."""

    daemon_threads = True
    request_queue_size = 64


@pytest.fixture
def port() -> Iterator[int]:
    with Server((clients.HOST, 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_counts_a_posts_time_from_when_it_was_due_and_leaves_none_out(port: int) -> None:
    found = clients.post_evenly(port, POSTS, a_second=100, clients=1)
    last_was_late_by = len(POSTS) * TAKES - len(POSTS) / 100
    assert (len(found.times), max(found.times) >= last_was_late_by) == (len(POSTS), True)


def test_tells_the_pace_that_was_held(port: int) -> None:
    assert clients.post_evenly(port, POSTS, a_second=100, clients=1).pace <= 1.2 / TAKES
    assert clients.post_evenly(port, POSTS[:3], a_second=2, clients=3).pace == pytest.approx(2)


def test_gives_no_figure_where_the_pace_was_not_held() -> None:
    clients.refuse_slower(Evenly(times=[0.1], pace=95), than=95, what="calls")
    with pytest.raises(NotAtPace, match="63 calls a second were made"):
        clients.refuse_slower(Evenly(times=[0.1], pace=63), than=95, what="calls")


def test_says_what_broke_the_answers(port: int) -> None:
    wrong = [Post(path="/wrong", body=b"{}")] * 500
    with pytest.raises(AnsweredOtherwise, match="500"), Answers(port, wrong) as answers:
        wait_for(answers.has_ended)


def test_says_that_the_answers_ran_out(port: int) -> None:
    with pytest.raises(RuntimeError, match="after 2 answers there was none left"), Answers(port, POSTS[:2]) as answers:
        wait_for(answers.has_ended)
