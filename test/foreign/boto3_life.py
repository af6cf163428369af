"""The life of an imported key through unmodified boto3, against the endpoint in the environment.

Every answer is validated against botocore's own model of KMS: types, lengths, required members, and
that no member is unknown to the model. Ends with exit code 1 at the first thing that is not so.
"""

import json
import os
import subprocess
import tempfile
import urllib.request

import boto3
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

URL = os.environ["KMS_URL"]
validated = 0


def validate(http_response, parsed, model, **_):
    global validated
    if http_response.status_code >= 300 or model.output_shape is None:
        return
    members = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
    report = ParamValidator().validate(members, model.output_shape)
    if report.has_errors():
        raise AssertionError(f"{model.name}: {report.generate_report()}")
    if model.service_model.service_name == "kms":
        no_unknown(model.name, json.loads(http_response.content or b"{}"), model.output_shape)
    validated += 1


def no_unknown(path, value, shape):
    if shape.type_name == "structure":
        for name, member in value.items():
            if name not in shape.members:
                raise AssertionError(f"{path}.{name} is not in the model")
            no_unknown(f"{path}.{name}", member, shape.members[name])
    elif shape.type_name == "list":
        for member in value:
            no_unknown(path, member, shape.member)


def client(service, region="eu-central-1"):
    made = boto3.client(
        service,
        endpoint_url=URL,
        region_name=region,
        aws_access_key_id="111122223333",
        aws_secret_access_key="x",
    )
    made.meta.events.register("after-call", validate)
    return made


def advance(seconds):
    request = urllib.request.Request(
        f"{URL}/_admin/clock",
        data=json.dumps({"advanceSeconds": seconds}).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request).close()


def wrap(public_key, material):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", public_key), ("in", material)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        command = "openssl pkeyutl -encrypt -in in -out out -inkey key -keyform DER -pubin"
        options = "rsa_padding_mode:oaep rsa_oaep_md:sha256 rsa_mgf1_md:sha256".split()
        arguments = command.split() + [part for option in options for part in ("-pkeyopt", option)]
        subprocess.run(arguments, cwd=folder, check=True)
        with open(os.path.join(folder, "out"), "rb") as file:
            return file.read()


def import_material(kms, key, material, **extras):
    parameters = kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
    )
    return kms.import_key_material(
        KeyId=key,
        ImportToken=parameters["ImportToken"],
        EncryptedKeyMaterial=wrap(parameters["PublicKey"], material),
        **{"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", **extras},
    )["KeyMaterialId"]


def refused(code, call):
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response
    raise AssertionError(f"{code} was expected")


kms = client("kms")
there = client("kms", "us-west-2")
assert client("sts").get_caller_identity()["Account"] == "111122223333"

key = kms.create_key(
    Origin="EXTERNAL", MultiRegion=True, Tags=[{"TagKey": "a", "TagValue": "b"}]
)["KeyMetadata"]["KeyId"]
response = refused("KMSInvalidStateException", lambda: kms.encrypt(KeyId=key, Plaintext=b"x"))
assert response["message"].endswith("is pending import."), response

first, second = os.urandom(32), os.urandom(32)
refused("ValidationException", lambda: import_material(kms, key, first, ValidTo=1))
first_id = import_material(kms, key, first)
old = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]
data_key = kms.generate_data_key(KeyId=key, KeySpec="AES_256")
opened = kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"])
assert opened["Plaintext"] == data_key["Plaintext"]

kms.replicate_key(KeyId=key, ReplicaRegion="us-west-2")
advance(10)
import_material(there, key, first)
second_id = import_material(kms, key, second, ImportType="NEW_KEY_MATERIAL")
import_material(there, key, second)
kms.rotate_key_on_demand(KeyId=key)
kms.get_key_rotation_status(KeyId=key)
advance(60)
for region in (kms, there):
    assert region.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] == second_id
    opened = region.decrypt(CiphertextBlob=old, EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == b"x" and opened["KeyMaterialId"] == first_id
rotations = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
assert [entry["KeyMaterialState"] for entry in rotations] == ["NON_CURRENT", "CURRENT"]

kms.update_primary_region(KeyId=key, PrimaryRegion="us-west-2")
advance(10)
kms.tag_resource(KeyId=key, Tags=[{"TagKey": "c", "TagValue": "d"}])
kms.untag_resource(KeyId=key, TagKeys=["a"])
assert [tag["TagKey"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]] == ["c"]
kms.put_key_policy(KeyId=key, Policy=kms.get_key_policy(KeyId=key)["Policy"])
kms.disable_key(KeyId=key)
kms.enable_key(KeyId=key)
assert len(kms.list_keys()["Keys"]) == 1
kms.delete_imported_key_material(KeyId=key, KeyMaterialId=first_id)
assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingImport"
kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
kms.cancel_key_deletion(KeyId=key)
kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
there.schedule_key_deletion(KeyId=key)
print(f"{validated} answers validated")
