"""Take the pictures: `python -m tests.gallery FOLDER [LANGUAGE]`, one process for each language unless one is named.

Into docs/pictures go the few that the README shows, and no others.
"""

import subprocess
import sys
from pathlib import Path

from rsvp.languages import LANGUAGES
from tests.browsers import start_chromium
from tests.gallery import pictures
from tests.gallery.studio import open_studio

README = Path("docs/pictures")


def main(folder: Path, *languages: str) -> None:
    """Take the pictures of one language; or of all side by side, and lay them out."""
    folder.mkdir(parents=True, exist_ok=True)
    take = pictures.take_for_readme if folder == README else pictures.take
    if languages:
        with start_chromium() as browser, open_studio(languages[0], browser) as studio:
            take(studio, folder)
        return
    running = [subprocess.Popen([sys.executable, "-m", "tests.gallery", str(folder), each]) for each in LANGUAGES]
    codes = [process.wait() for process in running]
    if any(codes):
        sys.exit(1)
    if folder == README:
        return
    pictures.write_index(folder)
    with start_chromium() as browser:
        pictures.write_sheets(browser, folder)
    print(f"{(folder / 'index.html').resolve()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
