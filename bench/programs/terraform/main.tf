# The recipe of the AWS documentation as the provisioner of a resource for each key.
variable "key_ids" {
  type = set(string)
}

variable "recipe" {
  type = string
}

resource "terraform_data" "material" {
  for_each = var.key_ids
  input    = each.key

  provisioner "local-exec" {
    command = "sh '${var.recipe}' PlaintextKeyMaterial.bin '${each.key}'"
  }
}
