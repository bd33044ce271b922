"""Words of our own follow pictures without any library for text."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
sys.modules.update({"nlpaug": None, "nltk": None, "cv2": None})
from syncaug import load_policy
policy = load_policy('''
syncaug: 1
sample: {caption: text, other: {modality: text, paraphrases: others}}
steps:
  - name: words
    apply:
      caption: [{op: syncaug.RecolourWords, degrees: 120}, {op: syncaug.MirrorWords}]
      other: {op: syncaug.Paraphrase}
''')
sample = {"caption": "A red car on the left,  10:30.", "other": "a car", "others": ["an auto"]}
out = policy(sample, key=1)
print(out["caption"], "|", out["other"])
"""


def test_colours_sides_and_paraphrases_need_no_library() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stdout == "A green car on the right,  10:30. | an auto\n", done.stderr
