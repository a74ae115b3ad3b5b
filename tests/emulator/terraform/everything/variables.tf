# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the tests hand in.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
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
  description = "Set what the service never gives back, so that an import cannot know it."
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
  # References to objects that the service gives its own names: streams are not looked up when they are named.
  streams = "arn:aws:kinesis:eu-west-2:333300000001:stream"
  hoses   = "arn:aws:firehose:eu-west-2:333300000001:deliverystream"

  # The provider may run in another folder.
  flow_file = abspath("${path.module}/flows/${var.changed ? "second" : "first"}.json")

  greeting = {
    for text in ["Hello", "Good morning"] : text => jsonencode({
      Version     = "2019-10-30"
      StartAction = "greet"
      Actions = [
        {
          Identifier  = "greet"
          Type        = "MessageParticipant"
          Parameters  = { Text = text }
          Transitions = { NextAction = "end" }
        },
        { Identifier = "end", Type = "DisconnectParticipant", Parameters = {}, Transitions = {} }
      ]
    })
  }

  ending = jsonencode({
    Version     = "2019-10-30"
    StartAction = "end"
    Actions     = [{ Identifier = "end", Type = "EndFlowExecution", Parameters = {}, Transitions = {} }]
  })
}
