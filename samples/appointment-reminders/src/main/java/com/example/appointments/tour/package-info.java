/**
 * A tour on the console. Nothing else depends on it.
 */
@NullMarked
package com.example.appointments.tour;

import org.jspecify.annotations.NullMarked;
