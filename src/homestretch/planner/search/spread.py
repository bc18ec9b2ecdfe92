"""One search by several workers: the present plan is cut into pieces, elsewhere each time, which are improved side by
side and put together again, under one temperature schedule.

What is near is cut out together, so that pieces are small problems of the same kind; a plan too small for that is
given to all workers as it is, and the best goes on. The same seed, workers and stop by iterations give the same plan.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import ExitStack
from dataclasses import dataclass
from math import inf

from homestretch.planner import _search
from homestretch.planner.problem import Plan
from homestretch.planner.search.bonds import bound
from homestretch.planner.search.keeping import beginning, hottest
from homestretch.planner.search.model import WHOLE, Model
from homestretch.planner.search.pieces import (
    ROUND,
    Cutter,
    Made,
    Piece,
    Routes,
    State,
    Work,
    improved,
    together,
    unchanged,
)
from homestretch.planner.search.telling import Teller
from homestretch.planner.stopping import Until, share_of
from homestretch.planner.terms import fewest_shifts

PIECE = 250  # visits of a piece, about
LARGER = 2  # up to so many times that, in turn, period by period
NEIGHBORS = 60  # of a visit, that the first plan of a large problem may put beside it
LEAST_PIECE = 150  # with fewer, workers are given the whole plan
LEAST_ROUTES = 6  # of a piece, on average: with fewer, the same
MILD = 2.0  # typical legs: the first temperature of a large problem, whose first plan is a good one
PERIODS = 24  # how often a search cuts anew, if its time allows
LEAST_ROUNDS, MOST_ROUNDS = 0.25, 2  # of a piece for each of its visits: it takes time to begin with one
FIRST_ROUNDS = 8  # of each piece of the first period, by which the speed is seen
GROWTH = 8  # times as many rounds as in the period before, at most
FIRST_CYCLE = 512  # rounds of the first cooling where nothing says how long the search will be; each next has twice
REDUCING = 0.5  # of a search with vehicles first, at most, goes to finding fewer of them
POLL = 0.01  # seconds between two questions to the stopping rule


@dataclass(frozen=True, slots=True)
class Workers:
    """Who improves pieces: threads of our own, or an executor's workers, of which `count` are used at once.

    An executor may be any `concurrent.futures.Executor`, of processes or of a cluster too. Its pieces are not broken
    off before their end, and the CPU of other processes is not seen by `Seconds`: let that count by `time.monotonic`.
    """

    count: int
    executor: Executor | None = None

    def __post_init__(self) -> None:
        if type(self.count) is not int or self.count < 1:
            raise ValueError(f"Workers.count must be a whole number from 1, not {self.count!r}")


def cutter_of(model: Model, seed: int) -> Cutter:
    """What takes the plans of a model apart."""
    number = model.number
    bonds = [[number[name] for name in names if name in number] for names in bound(model.problem)]
    homes: dict[int, list[int]] = {}
    for lock in model.problem.locks:
        if lock.shift in model.type_of and lock.visit in number:
            homes.setdefault(model.type_of[lock.shift], []).append(number[lock.visit])
    return Cutter(model.core, [len(ids) for _, ids in model.types], bonds, homes, seed)


class Spread:
    """One search by several workers."""

    def __init__(self, model: Model, seed: int, until: Until, teller: Teller, workers: Workers) -> None:
        self.model = model
        self.until = until
        self.teller = teller
        self.workers = workers
        self.vehicles_first = model.problem.goals.vehicles_first
        self.cutter = cutter_of(model, seed)
        self.hottest = hottest(model.problem, len(model.served)) or (MILD if len(model.served) > WHOLE else None)
        self.present = self.found = State()
        self.asked = 0  # rounds that the stopping rule was asked for
        self.over = False
        self.turn = 0
        self.rate = 0.0  # of the search, the share that a round is
        self.last = 0.0  # rounds of a piece in the last period

    def best(self, start: Plan | None) -> Plan:
        """Search until told to stop."""
        with ExitStack() as stack:
            self.pool = self.workers.executor or stack.enter_context(ThreadPoolExecutor(self.workers.count))
            self._begin(self.model.start(beginning(self.model.problem, start)))
            self._tell()
            if self.vehicles_first:
                self._reduce()
            self._cool()
            self._tell(last=True)
        return self.model.plan(self.found.routes)

    def _begin(self, start: Routes) -> None:
        """The first plan."""
        if self.model.core.visits > WHOLE and not start:
            start = self.model.core.saved(NEIGHBORS)
        count = max(1, round(self.model.core.visits / PIECE))
        pieces = self.cutter.cut(start, min(count, len(start)) if start else count, spare=True)
        made = self._made([piece.work for piece in pieces])
        self.found = self.present = together(
            [piece.in_whole(one.best) for piece, one in zip(pieces, made, strict=True)]
        )

    def _reduce(self) -> None:
        """Look for plans with fewer vehicles."""
        least = fewest_shifts(self.model.problem)
        while self.found.missing == 0 and len(self.found.routes) > least and (self._share() or 0.0) < REDUCING:
            if self._ask(1) or (self._share() is None and self.asked > FIRST_CYCLE):
                break
            self._period(0.0, self._left(), reducing=True)
            self.present = self.found

    def _cool(self) -> None:
        begun, rounds, cycle = self._share() or 0.0, 0, FIRST_CYCLE
        while not (self.over or self._ask(1)):
            share = self._share()
            if share is None:
                rounds += self._period(rounds / cycle, cycle - rounds)
            else:
                self._period((share - begun) / max(1e-9, 1.0 - begun), self._left())
            if share is None and rounds >= cycle:
                rounds, cycle, self.present = 0, 2 * cycle, self.found

    def _period(self, progress: float, left: float, *, reducing: bool = False) -> int:
        """Cut, improve, put together; the rounds that were made, at most `left`, one of which has been asked for."""
        pieces = self._pieces()
        rounds = self._rounds(pieces, progress, left)
        after = progress + (1.0 - progress) * min(1.0, sum(rounds) / left)
        span, bold = (progress, after), self.hottest
        work = [
            piece.asked(each, span, reducing=reducing, hottest=bold) for piece, each in zip(pieces, rounds, strict=True)
        ]
        before, share = self.asked, self._share()
        made = self._made(work)
        self._take(pieces, made)
        if share is not None and self.asked > before:
            self.rate = ((self._share() or 0.0) - share) / (self.asked - before)
        self._tell()
        return self.asked - before + 1

    def _pieces(self) -> list[Piece]:
        """Pieces of the present plan, or all of it for each worker."""
        spare = not (self.vehicles_first and self.found.missing == 0)
        routes, visits, workers = self.present.routes, self.model.core.visits, self.workers.count
        size = PIECE * (1 + self.turn % LARGER)
        self.turn += 1
        count = min(round(visits / size), len(routes) // LEAST_ROUTES)
        count = max(workers, count - count % workers)
        small = visits < count * LEAST_PIECE or len(routes) < count * LEAST_ROUTES
        if (small or count == 1) and visits <= WHOLE:
            return self.cutter.copies(routes, workers, spare=spare)
        return self.cutter.cut(routes, max(2, count), spare=spare)

    def _rounds(self, pieces: Sequence[Piece], progress: float, left: float) -> list[int]:
        """Rounds for each piece, in proportion to its visits."""
        visits = sum(len(piece.visits) for piece in pieces) / len(pieces)
        wanted = left / max(1e-9, 1.0 - progress) / PERIODS / len(pieces)
        wanted = max(LEAST_ROUNDS * visits, min(MOST_ROUNDS * visits, wanted))
        self.last = min(wanted, GROWTH * self.last or FIRST_ROUNDS, left / len(pieces))
        if self.last < 1.0:
            return [int(number < left) for number in range(len(pieces))]
        return [max(1, int(self.last * len(piece.visits) / visits)) for piece in pieces]

    def _take(self, pieces: Sequence[Piece], made: Sequence[Made]) -> None:
        """Go on with what became of the pieces."""
        best = [piece.in_whole(one.best) for piece, one in zip(pieces, made, strict=True)]
        present = [piece.in_whole(one.present) for piece, one in zip(pieces, made, strict=True)]
        if len(pieces[0].visits) < self.model.core.visits:
            best, present = [together(best)], [together(present)]
        self.present = min(present, key=self._rank)
        self.found = min(self.found, *best, key=self._rank)

    def _rank(self, state: State) -> tuple[int, int, int]:
        return state.rank(vehicles_first=self.vehicles_first)

    def _made(self, asked: Sequence[Work]) -> list[Made]:
        """The answers of the workers, while the stopping rule is asked of what they do."""
        signal = _search.Signal() if isinstance(self.pool, ThreadPoolExecutor) else None
        futures = {self.pool.submit(improved, work, *([signal] if signal else [])): work for work in asked}
        waiting, told, reached = set(futures), 1, 0
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=POLL if signal else None, return_when=FIRST_COMPLETED)
                reached = signal.steps // ROUND if signal else reached + sum(futures[one].rounds for one in done)
                if self._ask(reached - told):
                    _end(waiting, signal)
                told = max(told, reached)
        except BaseException:
            _end(waiting, signal)
            raise
        return [_answer(future, work) for future, work in futures.items()]

    def _ask(self, times: int) -> bool:
        """Ask the stopping rule for so many rounds more; whether the search is over."""
        for _ in range(times):
            if not self.over:
                self.asked += 1
                self.over = bool(self.until())
        return self.over

    def _share(self) -> float | None:
        return share_of(self.until)

    def _left(self) -> float:
        """Rounds that are left, with the one that was last asked for."""
        share = self._share()
        if share is None or share <= 0.0:
            return inf
        return max(1.0, round((1.0 - share) / (self.rate or share / max(1, self.asked))) + 1.0)

    def _tell(self, *, last: bool = False) -> None:
        self.teller.tell(self.found.cost, self.asked, lambda: self.found.routes, last=last)


def _end(waiting: Iterable[Future[Made]], signal: _search.Signal | None) -> None:
    """Break off what runs, and what has not begun."""
    if signal:
        signal.stop()
        return
    for future in waiting:
        future.cancel()


def _answer(future: Future[Made], work: Work) -> Made:
    """What became of a piece: itself where its worker is gone."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        return unchanged(work)
