#!/bin/sh
echo "Ahoy, $1."
