/* A word for every component that a page of ours can show. */
#pragma once

#include <vizyd/component.h>
#include <vizyd/dcc.h>
#include <vizyd/html.h>
#include <vizyd/own.h>
