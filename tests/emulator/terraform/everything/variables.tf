# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the tests hand in.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {}

variable "changed" {
  description = "Give every property that can change in place its second value."
  type        = bool
  default     = false
}

variable "unread" {
  description = "Set what an import cannot know: the service does not give it back, or the provider does not read it."
  type        = bool
  default     = true
}

variable "bucket" {
  type = list(string)
}

variable "key" {
  type = list(string)
}

variable "function" {
  type = string
}

locals {
  # Streams are not looked up when they are named.
  streams = "arn:aws:kinesis:eu-west-2:333300000001:stream"
  hoses   = "arn:aws:firehose:eu-west-2:333300000001:deliverystream"

  # The provider may run in another folder.
  flow_file   = abspath("${path.module}/documents/${var.changed ? "second" : "first"}_flow.json")
  module_file = abspath("${path.module}/documents/${var.changed ? "second" : "first"}_module.json")

  # The content of a flow and of a flow module that say something.
  flow   = jsonencode(merge(local.document, { Actions = concat(local.says, [local.disconnects]) }))
  module = jsonencode(merge(local.document, { Actions = concat(local.says, [local.returns]) }))
  # Of flows that only end.
  ending = jsonencode(merge(local.document, { StartAction = "end", Actions = [local.ends] }))

  document = { Version = "2019-10-30", StartAction = "say" }
  says = [{
    Identifier  = "say"
    Type        = "MessageParticipant"
    Parameters  = { Text = var.changed ? "Good morning" : "Hello" }
    Transitions = { NextAction = "end" }
  }]
  disconnects = { Identifier = "end", Type = "DisconnectParticipant", Parameters = {}, Transitions = {} }
  returns     = { Identifier = "end", Type = "EndFlowModuleExecution", Parameters = {}, Transitions = {} }
  ends        = { Identifier = "end", Type = "EndFlowExecution", Parameters = {}, Transitions = {} }
}
