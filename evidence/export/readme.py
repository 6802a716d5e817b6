"""The text that comes with every bundle and says what is in it and how to check it without us."""

README = r"""This folder is a BagIt 1.0 bag: one case with its evidence and its ledger.

  index.html, summary.html    read these; they work offline
  data/originals              files as they were received, never altered
  data/recordings             the recording, piece by piece, as it was received
  data/derivatives            made from originals: thumbnails, recordings put together for playback
  data/case                   answers, criteria and the list of evidence, for machines
  data/ledger/headers.jsonl   one line for each entry: time, class, and a commitment to what it says
  data/ledger/bodies.jsonl    what the entries say that you may read, with the salt of each commitment
  data/ledger/checkpoint.txt  the signed size and root of the ledger
  signature.txt               the signed digest of tagmanifest-sha256.txt, and so of everything here
  verify.py                   the verifier, to be read

Do not trust a key that comes with this bundle, nor the copy of verify.py in it: whoever can rewrite a bundle can
rewrite both. Take the verifier from its publisher and the key from a receipt you were given earlier, or from the
office's own publication.

  python verify.py BUNDLE --key KEY        0 verified, 1 problems found (each is named), 2 wrong use,
  python verify.py BUNDLE --receipt FILE   3 self-consistent; origin not checked (no key was given)

Without our software

1. No file changed since the export:
     sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt
     bagit.py --validate .

2. The bundle and the ledger were signed by the key. A key reads name+hash+base64; its base64 part is one byte, 01, and
   the 32 bytes of an Ed25519 public key. signature.txt and checkpoint.txt are text, an empty line, and a line with the
   name and the base64 of four bytes that name the key and 64 bytes of signature over the text.
     KEY='...'                                  # from outside this bundle
     T=$(mktemp -d)
     { printf MCowBQYDK2VwAyEA | base64 -d; printf %s "${KEY#*+*+}" | base64 -d | tail -c 32; } > $T/key.der
     for note in signature.txt data/ledger/checkpoint.txt; do
       sed '/^$/,$d' $note > $T/text; tail -n 1 $note | cut -d' ' -f3 | base64 -d | tail -c 64 > $T/sig
       openssl pkeyutl -verify -pubin -keyform DER -inkey $T/key.der -rawin -in $T/text -sigfile $T/sig
     done
     sha256sum tagmanifest-sha256.txt           # is the third line of signature.txt
     sed -n 3p signature.txt

3. An entry says what its header commits to (here the first readable one): the digest is the header's commitment.
     line=$(sed -n 1p data/ledger/bodies.jsonl)
     for part in salt body; do
       printf '%s' "$line" | sed "s/.*\"$part\":\"\([^\"]*\)\".*/\1/" | base64 -d
     done | sha256sum

4. The root in checkpoint.txt is the RFC 9162 tree hash over the lines of headers.jsonl without their line ends.
"""
