# sequence.gp - drawn by firstbyte; run it again with: gnuplot sequence.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'sequence.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'It''s a "test" of `plots`, $HOME and \n: 5 % {/Bold x}_y @z' at screen 0.02, screen 0.9516 left font ',17'
set label 3 'connection 1 of replication 0, seed 1; link client -- web.loss = 20 %, tcp.profile = linux' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.7531
set tmargin at screen 0.9032
set bmargin at screen 0.1435
set key at screen 0.7531, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set xlabel 'time (ms)'
set ylabel 'sequence number (B)'
set xrange [43.763549:147.763549]
set yrange [0:13]
# time, number from the SYN, length
$window << EOD
65.763549 65161
89.599001 65538
145.763549 65538
EOD
$cwnd << EOD
45.763549 0
65.763549 14481
65.763549 14481
145.763549 14482
EOD
$sent << EOD
45.763549 1 1
65.763549 1 1
EOD
$acked << EOD
65.763549 1
89.599001 2
145.763549 2
EOD
plot \
  $window with steps lc rgb '#56B4E9' lw 1.5 dt '- ' title 'receive window', \
  $cwnd with steps lc rgb '#E69F00' lw 1.5 dt '. ' title 'congestion window', \
  $sent using 1:2:(0):3 with vectors nohead lc rgb '#0072B2' lw 2.5 title 'segment', \
  $acked with steps lc rgb '#009E73' lw 1.5 title 'acknowledged'
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'sequence.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'sequence.pdf'
replot
unset output
