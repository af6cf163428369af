"""Wraps 32 bytes under RSA-OAEP with SHA-256 by the package cryptography, and prints the seconds of processor time.

usage: wrap.py FILE COUNT, with the SubjectPublicKeyInfo of the wrapping key in the file
"""

import os
import sys
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

with open(sys.argv[1], "rb") as file:
    spki = file.read()
material = os.urandom(32)


def wrap():
    # Read anew each time, as an import does.
    key = serialization.load_der_public_key(spki)
    return key.encrypt(
        material,
        padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None),
    )


for _ in range(100):
    wrap()
start = time.process_time()
for _ in range(int(sys.argv[2])):
    wrap()
print(time.process_time() - start)
