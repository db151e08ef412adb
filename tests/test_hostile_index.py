"""An index that somebody sends cannot run code, nor reach a file outside of its folder."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from whoosh.codec.whoosh3 import W3TermInfo
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import HashReader, OrderedHashWriter
from whoosh.index import TOC, open_dir

from isisdocs.cli import run
from isisdocs.engine import stored
from isisdocs.engine.whoosh import sums
from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.settings import Settings
from isisdocs.verified import seal_of

from .conftest import SEEDS

COMMANDS = (
    ["search", "mosul"],
    ["search", "mosul", "--json", "--sort", "title"],
    ["search", "terr*"],
    ["search", "tomas~1"],
    ["export", "mosul", "--format", "jsonl"],
    ["list"],
    ["show", "004"],
    ["kwic", "mosul"],
    ["names", "al-Maliki"],
    ["doctor"],
    ["index"],
)


class Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __reduce__(self) -> object:
        return os.mkdir, (self._path,)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return a copy of an index of the seeds, of which the corpus is a copy too."""
    shutil.copytree(SEEDS, tmp_path / "corpus")
    update(Settings(tmp_path / "corpus", tmp_path / "index"))
    return tmp_path / "index"


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """Return the folder that a payload makes."""
    return tmp_path / "it-ran"


def segment_file(index: Path, ending: str) -> Path:
    (path,) = index.glob(f"isisdocs_*.{ending}")
    return path


def reseal(index: Path) -> None:
    """Have all checksums fit what is there now, as whoever makes an index on purpose would."""
    state = current.read(index)
    assert state is not None
    start = segment_file(index, "sums").with_suffix("")
    names = [path.name for path in index.glob(f"{start.name}.*") if path.suffix != ".sums"]
    sealed = sums.seal(start, names)
    content = json.loads(state.state)
    content["segments"][0][2:4] = sealed
    records = {name: seal_of((index / name).read_bytes()) for name in state.records}
    current.write(
        index,
        current.Current(
            engine=state.engine,
            state=json.dumps(content),
            corpus=state.corpus,
            fingerprint=state.fingerprint,
            generation=state.generation,
            article_count=state.article_count,
            records=records,
        ),
    )


def contents_with_payload(index: Path, proof: Path) -> Callable[[], object]:
    TOC(Schema(), [Payload(proof)], 1).write(FileStorage(str(index)), "isisdocs")
    return lambda: open_dir(str(index), indexname="isisdocs")


def terms_with_payload_at_their_end(index: Path, proof: Path) -> Callable[[], object]:
    path = segment_file(index, "trm")
    content = path.read_bytes()
    (length,) = struct.unpack("!i", content[-4:])
    extras = pickle.dumps(Payload(proof))
    path.write_bytes(content[: -4 - length] + extras + struct.pack("!i", len(extras)))
    return lambda: HashReader.open(FileStorage(str(index)), path.name)


def terms_with_payloads_as_values(index: Path, proof: Path) -> Callable[[], object]:
    path = segment_file(index, "trm")
    storage = FileStorage(str(index))
    reader = HashReader.open(storage, path.name)
    keys = list(reader.keys())
    reader.close()
    value = struct.pack("!BfIBBfII", 1, 1, 1, 1, 1, 1, 0, 0) + pickle.dumps(Payload(proof))
    writer = OrderedHashWriter(storage.create_file(path.name))
    writer.extras["fieldmap"] = {}
    for key in keys:
        writer.add(key, value)
    writer.close()
    return lambda: W3TermInfo.from_bytes(value)


# Whoosh leaves the file open that it stumbles over.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "attack",
    [contents_with_payload, terms_with_payload_at_their_end, terms_with_payloads_as_values],
    ids=lambda attack: attack.__name__,
)
def test_pickles_that_whoosh_would_read_never_run(
    attack: Callable[[Path, Path], Callable[[], object]],
    index: Path,
    proof: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    attack(index, proof)
    reseal(index)

    codes = {run([*command, "--index", str(index)]) for command in COMMANDS}
    (index.parent / "corpus" / "new.txt").write_text("New\n\nA new article about Mosul.\n")
    codes |= {run([*command, "--index", str(index)]) for command in COMMANDS}

    assert not proof.exists()
    assert codes <= {0, 1, 2}
    assert run(["index", "--rebuild", "--index", str(index)]) == 0
    assert run(["search", "mosul", "--index", str(index)]) == 0
    assert "Traceback" not in capsys.readouterr().err
    # It is a real one: Whoosh runs it.
    with suppress(Exception):  # having run it, Whoosh stumbles over what it got
        attack(index, proof)()
    assert proof.exists()


def test_pickle_in_the_place_of_any_file_never_runs(index: Path, proof: Path) -> None:
    whole = index.rename(index.with_name("whole"))
    for name in sorted(path.name for path in whole.iterdir()):
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(whole, index)
        (index / name).write_bytes(pickle.dumps(Payload(proof)))
        if name not in ("current.json", "write.lock") and not name.endswith(".sums"):
            reseal(index)

        codes = [run([*command, "--index", str(index)]) for command in COMMANDS]

        assert set(codes) <= {0, 1, 2}, name
        assert not proof.exists(), name


def test_no_command_unpickles_anything(index: Path) -> None:
    script = (
        "import sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, args: event == 'pickle.find_class' and seen.append(args))\n"
        "from isisdocs.cli import run\n"
        f"for command in {COMMANDS!r}:\n"
        f"    run([*command, '--index', {str(index)!r}])\n"
        "import pickle\n"
        "assert not seen, seen\n"
        "pickle.loads(pickle.dumps(sys.exit))\n"
        "assert seen, 'the hook sees nothing'\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


JUNK = [None, 3, -1, "x", [], {}, [[]], 1e300, 10**30, True, "\ud800", [[["x"]]]]


@pytest.mark.parametrize("kind", ["article", "copies", "state", "files"])
def test_records_that_make_no_sense_are_refused(
    kind: str, index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = index.rename(index.with_name("whole"))
    for junk in JUNK:
        shutil.copytree(whole, index)
        if kind == "copies":
            (index / "copies-1.json").write_text(json.dumps(junk))
        elif kind == "files":
            (index / "files-1.json").write_text(json.dumps({"new.txt": junk}))
        if kind == "article":
            monkeypatch.setattr(stored.json, "loads", with_junk(junk))
        else:
            reseal(index)
        if kind == "state":
            content = json.loads((index / "current.json").read_bytes())
            del content["checksum"]
            content["state"] = json.dumps({"segments": [junk]})
            content["checksum"] = current._checksum(content)
            (index / "current.json").write_text(json.dumps(content))

        codes = {run([*command, "--index", str(index)]) for command in COMMANDS}

        monkeypatch.undo()
        assert codes <= {0, 1, 2}
        if junk in (None, "x"):
            assert run(["index", "--rebuild", "--index", str(index)]) == 0
            assert run(["search", "mosul", "--index", str(index)]) == 0
        shutil.rmtree(index)
    assert "Traceback" not in capsys.readouterr().err


def with_junk(junk: object) -> Callable[[bytes], object]:
    """Return what reads JSON with one field of each article gone wrong."""
    read = json.loads

    def loads(content: bytes) -> object:
        found = read(content)
        if isinstance(found, list) and len(found) > 3:
            found[len(str(junk)) % len(found)] = junk
        return found

    return loads


def test_links_out_of_the_index_are_not_followed(index: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    folder = tmp_path / "folder"
    folder.mkdir()
    names = ["write.lock", "writer.json", "files-2.json", "current.json"]
    for name in names:
        precious.write_text("precious")
        (index / name).unlink(missing_ok=True)
        (index / name).symlink_to(precious)
        (index / "isisdocs.tmp").symlink_to(folder)

        code = run(["index", "--rebuild", str(tmp_path / "corpus"), "--index", str(index)])

        assert code == 0, name
        assert precious.read_text() == "precious", name
        assert list(folder.iterdir()) == [], name
        assert run(["search", "mosul", "--index", str(index)]) == 0


def test_names_of_segments_do_not_lead_elsewhere(index: Path) -> None:
    state = current.read(index)
    assert state is not None
    for name in ("../../x", "x/y", "", ".", "x\0y"):
        content = json.loads((index / "current.json").read_bytes())
        del content["checksum"]
        content["state"] = json.dumps({"segments": [[name, 5, 1, 1, []]]})
        content["checksum"] = current._checksum(content)
        (index / "current.json").write_text(json.dumps(content))

        assert run(["search", "mosul", "--index", str(index)]) == 2


def test_stored_article_that_inflates_without_end_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stored, "MAX_BYTES", 1000)

    with pytest.raises(ValueError, match="no stored article"):
        stored.unpack(zlib.compress(b" " * 5000))


@pytest.fixture
def of_tantivy(index: Path) -> Path:
    """Return an index of the same corpus, kept by tantivy."""
    pytest.importorskip("tantivy")
    update(Settings(index.parent / "corpus", index.parent / "fast", engine="tantivy"))
    return index.parent / "fast"


def with_state(index: Path, state: str) -> None:
    """Have the index say that its engine is in another state, with a checksum that fits."""
    content = json.loads((index / "current.json").read_bytes())
    del content["checksum"]
    content["state"] = state
    content["checksum"] = current._checksum(content)
    (index / "current.json").write_text(json.dumps(content))


def test_nested_article_of_tantivy_is_one_line(
    of_tantivy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nested = zlib.compress(b"[" * 100_000)
    monkeypatch.setattr(stored, "pack", lambda *_: nested)
    assert run(["index", "--rebuild", "-q", "--index", str(of_tantivy)]) == 0
    capsys.readouterr()

    assert run(["search", "mosul", "--no-refresh", "--index", str(of_tantivy)]) == 2

    error, hint = capsys.readouterr().err.splitlines()
    assert error.startswith(f"isisdocs: the index in {of_tantivy}")
    assert "`isisdocs index --rebuild`" in hint


def test_folders_that_are_links_are_not_emptied(
    index: Path, of_tantivy: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    letters = precious / "letters"
    letters.mkdir(parents=True)
    (letters / "dear.txt").write_text("precious")
    corpus = tmp_path / "corpus"
    for place in (index, of_tantivy):
        for command in (["search", "mosul"], ["index"], ["index", "--rebuild", str(corpus)]):
            shutil.rmtree(place / "tantivy", ignore_errors=True)
            if (place / "tantivy").is_symlink():
                (place / "tantivy").unlink()
            (place / "tantivy").symlink_to(precious)
            (corpus / "new.txt").write_text(f"New\n\nMosul, said {command} in {place.name}.\n")

            assert run([*command, "--index", str(place)]) in (0, 2)

            assert [path.name for path in precious.rglob("*")] == ["letters", "dear.txt"]
        assert run(["search", "mosul", "--index", str(place)]) == 0


def test_states_of_tantivy_that_make_no_sense_are_refused(
    of_tantivy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = current.read(of_tantivy)
    assert state is not None
    _, lengths, seals = json.loads(state.state)
    elsewhere = "../../elsewhere"
    shutil.copytree(of_tantivy / "tantivy" / "state-1", of_tantivy / "tantivy" / elsewhere)
    states = [*map(json.dumps, JUNK), "{", json.dumps([elsewhere, lengths, seals])]
    for junk in (*states, *(json.dumps([one, lengths, seals]) for one in JUNK)):
        with_state(of_tantivy, junk)

        assert run(["search", "mosul", "--no-refresh", "--index", str(of_tantivy)]) == 2, junk
        assert run(["doctor", "--index", str(of_tantivy)]) in (1, 2), junk
        (tmp_path / "corpus" / "new.txt").write_text(f"New\n\nMosul, said {junk}.\n")
        assert run(["index", "--index", str(of_tantivy)]) == 2, junk
        if junk in ("null", "{"):
            assert run(["index", "--rebuild", "--index", str(of_tantivy)]) == 0
            assert run(["search", "mosul", "--index", str(of_tantivy)]) == 0
    assert "Traceback" not in capsys.readouterr().err
