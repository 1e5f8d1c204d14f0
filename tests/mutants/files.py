"""Files: bytes before rows, who may read them, and what they are taken for."""

from tests.mutants.mutant import Mutant

KEEPING, FILES = "src/application/files/keeping.py", "src/domain/files.py"

FILES_BROKEN = (
    Mutant(
        "blobs are taken back where nobody knows what became of their rows",
        KEEPING,
        "    except Unavailable:\n        raise\n    except Refusal:",
        "    except BaseException:",
        ("tests/application/test_files.py::test_where_nobody_knows_whether_the_rows_are_there_the_blobs_stay",),
    ),
    Mutant(
        "the blobs of refused rows stay",
        KEEPING,
        "    except Refusal:\n        await discard(blobs, keys)\n        raise",
        "    except Refusal:\n        raise",
        ("tests/application/test_files.py::test_of_what_is_refused_no_blob_is_left",),
    ),
    Mutant(
        "the sweep takes variants of what is there",
        "src/application/files/sweeping.py",
        "if _original(key) not in kept]",
        "if key not in kept]",
        ("tests/application/test_files.py::test_the_sweep_takes_what_no_row_names_once_it_is_old",),
    ),
    Mutant(
        "the sweep takes what is being stored",
        "src/application/files/sweeping.py",
        "self.blobs.older_than(self.clock() - AGE)",
        "self.blobs.older_than(self.clock() + AGE)",
        ("tests/application/test_files.py::test_the_sweep_takes_what_no_row_names_once_it_is_old",),
    ),
    Mutant(
        "staff read private files",
        FILES,
        "return self.is_public or (actor is not None and actor.id == self.owner_id)",
        "return self.is_public or (actor is not None and (actor.is_staff or actor.id == self.owner_id))",
        ("tests/http/test_files_rights.py::test_a_private_file_is_not_there_for_others",),
    ),
    Mutant(
        "a name is a path",
        FILES,
        '    last = name.replace("\\\\", "/").rpartition("/")[2]',
        "    last = name",
        ("tests/http/test_files.py::test_a_name_is_a_label",),
    ),
    Mutant(
        "an eleventh image is taken",
        "src/domain/catalogue.py",
        "        if len(self.images) >= MAX_IMAGES:",
        "        if len(self.images) > MAX_IMAGES:",
        ("tests/http/test_files_pictures.py::test_the_eleventh_image_is_refused_also_of_twelve_at_once",),
    ),
    Mutant(
        "a picture is not decoded to its end",
        "src/adapters/images/pillow.py",
        "                image.load()",
        "                image.size",
        ("tests/http/test_files_refused.py::test_a_picture_that_is_none_to_its_end_is_broken",),
    ),
    Mutant(
        "text may begin like HTML",
        "src/adapters/images/kinds.py",
        "    return _MARKUP.match(beginning) is None",
        "    return True",
        ("tests/http/test_files_refused.py::test_other_types_are_refused_whatever_they_are_called",),
    ),
    Mutant(
        "a form without an end is taken",
        "src/entrypoints/http/multipart.py",
        "    if not parser.ended:",
        "    if parser.ended is None:",
        ("tests/http/test_files_refused.py::test_a_form_that_cannot_be_read_is_refused",),
    ),
    Mutant(
        "a range goes on behind the end",
        "src/entrypoints/http/ranges.py",
        "    last = size - 1 if last is None else min(last, size - 1)",
        "    last = size - 1 if last is None else last",
        ("tests/http/test_files_content.py::test_one_range_is_answered",),
    ),
    Mutant(
        "a picture is added to any version",
        "src/application/files/pictures.py",
        "            require_version(item.version, expected)\n            unit.items.save(item.pictured",
        "            unit.items.save(item.pictured",
        ("tests/http/test_files_pictures.py::test_a_picture_is_added_to_the_version_that_was_seen",),
    ),
    Mutant(
        "a picture's own tag does not hold",
        "src/application/files/pictures.py",
        "any(file.sha256 in digests for file in files)",
        "any(False for file in files)",
        ("tests/http/test_files_pictures.py::test_a_picture_is_taken_away_by_its_own_tag_too",),
    ),
    Mutant(
        "a picture is measured as it is stored",
        "src/adapters/images/pillow.py",
        "return (height, width) if lies else (width, height)",
        "return width, height",
        ("tests/http/test_files_content.py::test_a_picture_is_as_wide_as_it_is_held_and_so_are_smaller_ones",),
    ),
)
