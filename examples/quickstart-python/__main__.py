import pulumi
import pulumi_kms_byok as kms_byok

root_key = kms_byok.ImportedKey(
    "root-key",
    description="Root key with material of our own",
    alias="kms-byok/quickstart-python",
    materials=[
        # 32 random bytes, for example from: openssl rand -out material.bin 32
        {"file": "material.bin"},
    ],
    deletion_window_in_days=7,
    # Allows you to destroy the quickstart. Leave this out for a key that you want to keep.
    opts=pulumi.ResourceOptions(protect=False),
)

pulumi.export("keyArn", root_key.key_arn)
pulumi.export("currentKeyMaterialId", root_key.current_key_material_id)
pulumi.export("rotationsRemaining", root_key.rotations_remaining)
