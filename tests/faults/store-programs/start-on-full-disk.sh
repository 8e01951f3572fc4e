#!/bin/sh
# Run inside a mount namespace of its own: starts on a file system that is too small, that fits, that is full, that has space again.
# start-on-full-disk.sh NODE PROGRAM FOLDER: one line of JSON for each start.
set -e
node=$1 program=$2 folder=$3
mount -t tmpfs -o size=8m,mode=0755 tmpfs "$folder"
"$node" "$program" "$folder/data" </dev/null || true
# Over the first one: a user namespace may not change the size of a mounted one.
mount -t tmpfs -o size=80m,mode=0755 tmpfs "$folder"
"$node" "$program" "$folder/data" </dev/null
dd if=/dev/zero of="$folder/filler" bs=4096 2>/dev/null || true
"$node" "$program" "$folder/data" </dev/null || true
rm "$folder/filler"
"$node" "$program" "$folder/data" </dev/null
